package dev.lastcall.proxy.tunnel;

import io.netty.channel.Channel;

/** The client's side of a tunnel. It begins and ends as its protocol says: an HTTP/1.1 connection that was upgraded, or an HTTP/2 stream. */
public interface TunnelClient {
    /** Its bytes, once it has been accepted. */
    Channel channel();

    /**
     * Answers the client that its request is accepted.
     *
     * @param accepted what is done behind that answer
     */
    void accept(Runnable accepted);

    /** Both sides have said their last byte. */
    void finish();

    /** Whether a reset of one side is told to the other as a reset, not as an end. */
    boolean passesResets();
}
