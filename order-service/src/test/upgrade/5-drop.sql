-- Version 5: nobody uses the column any more.
ALTER TABLE orders DROP shipping_address;
