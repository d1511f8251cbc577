package dev.lastcall.openai;

import dev.lastcall.model.TestModel;
import dev.lastcall.testing.EmbeddingServer;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Three tenants, a fast model, an upstream for embeddings, and streams that show soon that they live. */
public final class Keys implements QuarkusTestProfile {
    static final String ALICE = "sk-alice";
    static final String BOB = "sk-bob";
    static final String CAROL = "sk-carol";
    static final int MOST_RUNS = 10;

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "lastcall.api.keys", "alice:" + ALICE + ",bob:" + BOB + ",carol:" + CAROL,
                "lastcall.api.keep-alive", "200ms",
                "lastcall.api.abandoned-after", "300ms",
                "lastcall.api.max-body", "64K",
                "lastcall.run.max-per-tenant", Integer.toString(MOST_RUNS),
                "lastcall.model.scripted.tokens-per-second", "1000",
                "lastcall.vector-store.max-file", "64K",
                "lastcall.vector-store.max-files", "20"));
        settings.put("lastcall.embedding.openai.base-url", embeddings());
        settings.put("lastcall.embedding.openai.retries", "0");
        return settings;
    }

    /** In the JVM that the application is tested in, until that ends. */
    private static String embeddings() {
        try {
            return EmbeddingServer.start().url();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(TestModel.class);
    }
}
