package com.example.shop;

import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;

/** Answers each message. It knows nothing of any drain either. */
@WebSocket(path = "/chat")
public class Chat {
    @OnTextMessage
    String answer(String message) {
        return "you said " + message;
    }
}
