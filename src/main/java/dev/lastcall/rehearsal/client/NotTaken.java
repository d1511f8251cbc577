package dev.lastcall.rehearsal.client;

/** Thrown where an HTTP/2 server says that it has not looked at a request, which its client then sends again elsewhere (RFC 9113, 8.7). */
public final class NotTaken extends Exception {
    private static final long serialVersionUID = 1L;

    NotTaken() {
        super("GOAWAY or REFUSED_STREAM");
    }
}
