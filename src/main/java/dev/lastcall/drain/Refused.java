package dev.lastcall.drain;

/** The gate is closed; the refusal has been counted. */
@Internal
public enum Refused implements Admission {
    REFUSED
}
