package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.client.LoadWebSocket;
import dev.lastcall.rehearsal.client.LossKind;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A WebSocket for each request: says one thing and hears what it is known to hear, or stays open for a while where that is nothing. */
final class WebSocketExchange implements LoadUser.Exchange {
    private static final Duration SILENT = Duration.ofSeconds(5);

    private final LoadContext context;

    WebSocketExchange(LoadContext context) {
        this.context = context;
    }

    @Override
    public @Nullable RehearsedPod kept() {
        return null;
    }

    @Override
    public void ask(RehearsedPod pod, LoadRequest request) throws ClientLoss {
        LoadPlan plan = context.plan();
        Learned known = context.known(LoadKind.WEBSOCKET);
        try (LoadWebSocket webSocket = LoadWebSocket.open(pod.port(), request.path(), plan.timeout())) {
            webSocket.send(request.body());
            if (known.count() == 0) {
                webSocket.listenUntilSilence(SILENT, SILENT);
                return;
            }
            try {
                webSocket.listen(known.count(), plan.streamTimeout());
            } catch (ClientLoss e) {
                boolean within = e.kind() == LossKind.CUT_BODY || e.kind() == LossKind.ENDED_EARLY;
                throw within ? e.with(known.events().progress(webSocket.messages())) : e;
            }
            known.events().require(webSocket.messages());
        }
    }

    @Override
    public void drop() {
        // None is kept.
    }
}
