package dev.lastcall.lint.manifest;

/** Whether others send requests to a container. */
public enum Traffic {
    /** No port and no Service. */
    NONE,
    /** A port, but no Service among the files. */
    POSSIBLE,
    /** A Service sends requests here, or it is Lastcall. */
    SURE
}
