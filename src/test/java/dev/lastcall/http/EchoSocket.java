package dev.lastcall.http;

import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;

@WebSocket(path = "/router/socket")
public class EchoSocket {
    @OnTextMessage
    String echo(String message) {
        return message;
    }
}
