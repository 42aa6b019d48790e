package dev.sagamart.bad.shop.messaging;

/** Listens. */
public class Listener {

}
