package dev.lastcall.http;

/** A decoder that keeps bytes of further requests until their turn has come. On the event loop. */
public interface UnreadRequests {
    /** Whether bytes of a request have arrived that were not decoded yet. */
    boolean hasUnread();
}
