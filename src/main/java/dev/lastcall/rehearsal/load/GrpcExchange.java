package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.GrpcAnswer;
import dev.lastcall.rehearsal.client.GrpcConnection;
import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.client.NotTaken;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import org.jspecify.annotations.Nullable;

/** Calls of gRPC, on a connection for each or on one that is kept. For one thread. */
final class GrpcExchange implements LoadUser.Exchange {
    private final LoadContext context;
    private final boolean keeps;
    private final KeptConnection<GrpcConnection> connection = new KeptConnection<>(GrpcConnection::open);

    GrpcExchange(LoadContext context, boolean keeps) {
        this.context = context;
        this.keeps = keeps;
    }

    @Override
    public @Nullable RehearsedPod kept() {
        return connection.pod();
    }

    @Override
    public void ask(RehearsedPod target, LoadRequest request) throws ClientLoss, NotTaken {
        Learned known = context.known(LoadKind.GRPC);
        GrpcAnswer answer = connection.to(target).call(request, context.plan().limit(LoadKind.GRPC));
        answer.requireServed(known.status());
        known.events().require(answer.messages());
        if (!keeps) {
            drop();
        }
    }

    @Override
    public void drop() {
        connection.drop();
    }
}
