package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.GrpcAnswer;
import dev.lastcall.rehearsal.client.GrpcConnection;
import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.client.LossKind;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Calls of gRPC, on a connection for each or on one that is kept. A call that the server has not looked at is made once more elsewhere, as gRPC's clients
 * do without a word. For one thread.
 */
final class GrpcExchange implements LoadUser.Exchange {
    private final LoadContext context;
    private final boolean keeps;
    private final int node;
    private final Random random;
    private @Nullable GrpcConnection connection;
    private @Nullable RehearsedPod pod;

    GrpcExchange(LoadContext context, boolean keeps, int node, Random random) {
        this.context = context;
        this.keeps = keeps;
        this.node = node;
        this.random = random;
    }

    @Override
    public @Nullable RehearsedPod kept() {
        return connection != null && connection.isUsable() ? pod : null;
    }

    @Override
    public void ask(RehearsedPod target, LoadRequest request) throws ClientLoss {
        try {
            call(target, request);
        } catch (GrpcConnection.NotTaken first) {
            drop();
            Optional<RehearsedPod> other = context.endpoints().pick(node, random);
            if (other.isEmpty()) {
                throw new ClientLoss(LossKind.REFUSED, "no endpoint");
            }
            again(other.get(), request);
        }
        if (!keeps) {
            drop();
        }
    }

    private void again(RehearsedPod target, LoadRequest request) throws ClientLoss {
        try {
            call(target, request);
        } catch (GrpcConnection.NotTaken second) {
            throw new ClientLoss(LossKind.RESET, "GOAWAY or REFUSED_STREAM twice");
        }
    }

    private void call(RehearsedPod target, LoadRequest request) throws ClientLoss, GrpcConnection.NotTaken {
        GrpcConnection used = connection;
        if (used == null) {
            used = GrpcConnection.open(target.port());
            connection = used;
            pod = target;
        }
        Learned known = context.known(LoadKind.GRPC);
        GrpcAnswer answer = used.call(request, context.plan().limit(LoadKind.GRPC));
        answer.requireServed(known.status());
        known.events().require(answer.messages());
    }

    @Override
    public void drop() {
        if (connection != null) {
            connection.close();
        }
        connection = null;
        pod = null;
    }
}
