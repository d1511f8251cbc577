package dev.lastcall.http;

import org.jspecify.annotations.Nullable;

/** The events of one answer, from its connection to whoever counts it. On the connection's event loop. */
interface AnswerListener {
    /**
     * The head of the answer is about to be written.
     *
     * @return whether the head is to say {@code Connection: close}
     */
    boolean headWritten(int status, @Nullable String type);

    /**
     * There is nothing more to come; may be called more than once.
     *
     * @param whole the last byte is in the kernel; where not, the connection or the stream went first
     */
    void answerEnded(boolean whole);
}
