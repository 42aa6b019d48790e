/** Reconciliation over HTTP. */
@NullMarked
package dev.sagamart.payments.reconciliation.web;

import org.jspecify.annotations.NullMarked;
