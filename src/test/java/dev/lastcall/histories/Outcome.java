package dev.lastcall.histories;

/** The outcome of one exchange as its client saw it. */
enum Outcome {
    /** The whole answer. */
    ANSWERED,
    /** The whole answer of a WebSocket, which its client closed. */
    SOCKET_CLOSED,
    /** A stream or WebSocket that ended properly and before its end, because it was told to: with the cut right behind, it is counted as either. */
    ENDED_EARLY,
    /** A well-formed 503. */
    REFUSED,
    /** The client went, on purpose. */
    LEFT,
    /** The connection ended in the middle of an answer. */
    BROKEN,
    /** The connection ended, or the stream was refused, before the first byte of an answer. */
    NOTHING,
    /** Nobody accepted the connection. */
    UNREACHABLE,
    /** A line client got nothing or the last words alone: it was refused, told to end, or left before it was heard. */
    UNHEARD,
    /** Something that is never right: neither an answer nor a refusal, or nothing at all for half a minute. */
    WRONG
}
