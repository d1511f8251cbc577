package dev.lastcall.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.drain.ReleaseSteps;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelsTest {
    private record Scripted(double tokensPerSecond, boolean anyName) implements ScriptedConfig {}

    private record Upstreams(Map<String, OpenAiConfig> upstreams) implements ModelConfig {}

    private StandIn big;
    private StandIn small;
    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void start() throws Exception {
        big = StandIn.start().then(StandIn.says("big"));
        small = StandIn.start().then(StandIn.says("small"));
    }

    @AfterEach
    void stop() {
        big.close();
        small.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Models models(boolean anyName, Map<String, OpenAiConfig> upstreams) {
        ScriptedConfig scripted = new Scripted(1000, anyName);
        return new Models(
                new ScriptedModel(scripted, new VertxTokenClock(vertx)),
                scripted,
                new Upstreams(upstreams),
                vertx,
                new ReleaseSteps());
    }

    private static String answer(Models models, String name) {
        ModelRequest request = ModelRequest.of(ModelRequest.plain("echo").json().put("model", name));
        return RecordedAnswer.of(models.answer(request), Long.MAX_VALUE)
                .untilEnd()
                .text();
    }

    @Test
    void eachNameHasItsUpstreamAndOthersAreUnknown() {
        Models models =
                models(true, Map.of("big", UpstreamSettings.of(big.url()), "small", UpstreamSettings.of(small.url())));

        assertThat(models.names()).containsExactly("big", "small", "scripted");
        assertThat(answer(models, "big")).isEqualTo("big");
        assertThat(answer(models, "small")).isEqualTo("small");
        assertThat(answer(models, "scripted")).isEqualTo("echo");
        assertThat(models.preferred()).contains("big");
        assertThat(models.knows("other")).isFalse();
        // A run that a pod of another configuration has begun.
        assertThatThrownBy(() -> answer(models, "other")).isInstanceOfSatisfying(ModelFailure.class, failure -> {
            assertThat(failure.status()).isEqualTo(404);
            assertThat(failure.code()).isEqualTo("model_not_found");
        });
    }

    @Test
    void openaiHasAllNamesThatNoOtherHas() {
        Models models = models(
                false, Map.of("openai", UpstreamSettings.of(big.url()), "small", UpstreamSettings.of(small.url())));

        assertThat(answer(models, "anything")).isEqualTo("big");
        assertThat(big.bodies.get(0).getString("model")).isEqualTo("anything");
        assertThat(answer(models, "small")).isEqualTo("small");
        assertThat(models.preferred()).contains("default-model");
    }

    @Test
    void scriptedModelHasAnyNameOnlyWhereItIsAloneAndMay() {
        assertThat(models(false, Map.of()).knows("gpt")).isFalse();
        assertThat(models(false, Map.of()).knows("scripted")).isTrue();
        assertThat(models(true, Map.of()).knows("gpt")).isTrue();
        assertThat(answer(models(true, Map.of()), "gpt")).isEqualTo("echo");
    }

    @Test
    void upstreamWithoutAddressFailsTheStart() {
        OpenAiConfig nowhere = new UpstreamSettings("", Strategy.NEW_ITEM, Duration.ofSeconds(1), 0);
        assertThatThrownBy(() -> models(false, Map.of("big", nowhere)))
                .hasMessageContaining("lastcall.model.big.base-url");
    }
}
