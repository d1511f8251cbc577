package dev.lastcall.http;

import dev.lastcall.drain.Work;

/** The last bytes of answers that ended before the drain began. */
record UnflushedAnswer(ServedConnection connection) implements Work {
    @Override
    public String method() {
        return "-";
    }

    @Override
    public String path() {
        return "(unread answer)";
    }

    @Override
    public void cut() {
        connection.closeNow();
    }
}
