package dev.sagamart.bad.util;

/** Public for nobody, in a package about nothing, and the package is not null-marked. */
public class Texts {

}
