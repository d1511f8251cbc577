package dev.lastcall.lint.manifest;

/** Whether others send requests to a container. */
public enum Traffic {
    /** Nothing says so. */
    NONE,
    /** It has a port, and no Service among the files tells whether it is used. */
    POSSIBLE,
    /** A Service sends requests here, or it is Lastcall. */
    SURE
}
