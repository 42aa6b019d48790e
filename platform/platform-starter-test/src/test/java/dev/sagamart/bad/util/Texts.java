package dev.sagamart.bad.util;

/** Unused but public, in a package without a subject that is not null-marked. */
public class Texts {

}
