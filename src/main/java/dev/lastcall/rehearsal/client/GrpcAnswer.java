package dev.lastcall.rehearsal.client;

import java.util.List;

/**
 * The answer to a call of gRPC.
 *
 * @param status {@code grpc-status}
 * @param messages as hexadecimal digits
 */
public record GrpcAnswer(int status, List<String> messages) {
    private static final int UNAVAILABLE = 14;

    public GrpcAnswer {
        messages = List.copyOf(messages);
    }

    /** Throws the loss that its status is, where it is one. */
    public void requireServed(int usual) throws ClientLoss {
        if (status == UNAVAILABLE) {
            throw new ClientLoss(LossKind.SERVER_ERROR, "grpc-status 14, UNAVAILABLE");
        }
        if (status != usual) {
            throw new ClientLoss(LossKind.OTHER_STATUS, "grpc-status " + status + " instead of " + usual);
        }
    }
}
