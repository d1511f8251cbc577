package dev.lastcall.rehearsal.client;

/** The ways in which a client loses an answer; each answer is lost in one way at most. */
public enum LossKind {
    /** No connection: nobody listened, or there was no endpoint. */
    REFUSED("refused"),
    /** The connection ended before the first byte of the answer. */
    RESET("reset before the answer"),
    /** The connection ended within the answer's head. */
    CUT_HEAD("cut in the head"),
    /** The connection ended before the end of the body that the head had announced, or without the closing of a WebSocket. */
    CUT_BODY("cut in the body"),
    /** The server answered with a status from 500 on. */
    SERVER_ERROR("5xx"),
    /** The server answered 503 with {@code Retry-After}: an ordinary user's client shows it as an error. */
    TURNED_AWAY("503 with Retry-After"),
    /** A status below 500 that is not the one this request had before anything was replaced. */
    OTHER_STATUS("other status"),
    /** The answer, or its next byte, did not come in time. */
    TIME_OUT("time-out"),
    /** The bytes that came are not HTTP. */
    GARBLED("not HTTP"),
    /** A stream or WebSocket ended properly, but before its last event. */
    ENDED_EARLY("ended early"),
    /** An event of a stream is missing. */
    GAP("gap"),
    /** An event of a stream came twice. */
    DUPLICATE("duplicate"),
    /** All events of a stream came, in another order. */
    WRONG_ORDER("wrong order");

    private final String words;

    LossKind(String words) {
        this.words = words;
    }

    /** Returns the kind as reports name it. */
    public String words() {
        return words;
    }
}
