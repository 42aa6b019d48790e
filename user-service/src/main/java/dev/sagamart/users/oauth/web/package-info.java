/**
 * OAuth 2.1 and OpenID Connect with Spring Authorization Server, on the sessions of the
 * sessions API.
 */
@NullMarked
package dev.sagamart.users.oauth.web;

import org.jspecify.annotations.NullMarked;
