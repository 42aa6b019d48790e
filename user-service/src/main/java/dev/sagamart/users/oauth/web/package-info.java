/**
 * OAuth 2.1 and OpenID Connect: Spring Authorization Server speaks the protocol, and what
 * it decides is kept where the sessions API keeps it.
 */
@NullMarked
package dev.sagamart.users.oauth.web;

import org.jspecify.annotations.NullMarked;
