package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.EventLines;
import dev.lastcall.rehearsal.client.HttpConnection;
import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.client.LossKind;
import dev.lastcall.rehearsal.client.NotTaken;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import org.jspecify.annotations.Nullable;

/** Requests over HTTP, on a connection for each or on one that is kept. For one thread. */
final class HttpExchange implements LoadUser.Exchange {
    private final LoadKind kind;
    private final LoadContext context;
    private final boolean keeps;
    private final KeptConnection<HttpConnection> connection;

    HttpExchange(LoadKind kind, LoadContext context, boolean keeps) {
        this.kind = kind;
        this.context = context;
        this.keeps = keeps;
        connection = new KeptConnection<>(
                port -> HttpConnection.open(port, context.plan().http2()));
    }

    @Override
    public @Nullable RehearsedPod kept() {
        return connection.pod();
    }

    @Override
    public void ask(RehearsedPod target, LoadRequest request) throws ClientLoss, NotTaken {
        HttpConnection used = connection.to(target);
        Learned known = context.known(kind);
        EventLines events = new EventLines();
        boolean stream = kind == LoadKind.STREAM;
        try {
            used.exchange(request, keeps, context.plan().limit(kind), stream ? events : next -> {})
                    .requireServed(known.status());
        } catch (ClientLoss e) {
            boolean within = e.kind() == LossKind.CUT_BODY || e.kind() == LossKind.TIME_OUT;
            throw stream && within ? e.with(known.events().progress(events.events())) : e;
        }
        if (stream) {
            known.events().require(events.events());
        }
        if (!keeps) {
            drop();
        }
    }

    @Override
    public void drop() {
        connection.drop();
    }
}
