package dev.lastcall.model;

import dev.lastcall.drain.ReleaseSteps;
import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The models of this service by the names that clients say. Upstream {@code openai} has every name that no other has; without it the
 * scripted model has, where it is alone and may. It is there by its own name in any case.
 */
@Singleton
@Startup
final class Models implements Model {
    private static final String SCRIPTED = "scripted";
    private static final String OPENAI = "openai";

    private final Map<String, Model> byName = new LinkedHashMap<>();
    private final @Nullable Model others;
    private final Optional<String> preferred;

    Models(ScriptedModel scripted, ScriptedConfig own, ModelConfig config, Vertx vertx, ReleaseSteps steps) {
        Map<String, OpenAiConfig> upstreams = new TreeMap<>(config.upstreams());
        upstreams.remove(SCRIPTED);
        OpenAiConfig openai = upstreams.remove(OPENAI);
        ConfiguredUpstreams configured = new ConfiguredUpstreams(vertx, steps);
        Model all = null;
        if (openai != null && openai.baseUrl().isPresent()) {
            Model model = configured.model(OPENAI, openai, null);
            openai.model().ifPresent(name -> byName.put(name, model));
            openai.models().ifPresent(names -> names.forEach(name -> byName.put(name, model)));
            all = model;
        }
        upstreams.forEach((name, upstream) -> {
            Model model = configured.model(name, upstream, name);
            byName.put(name, model);
            upstream.models().ifPresent(names -> names.forEach(each -> byName.put(each, model)));
        });
        Optional<String> first = upstreams.keySet().stream().findFirst().or(() -> Optional.of(SCRIPTED));
        preferred = openai != null && all != null ? openai.model() : first;
        others = all == null && upstreams.isEmpty() && own.anyName() ? scripted : all;
        byName.put(SCRIPTED, scripted);
    }

    @Override
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    @Override
    public boolean knows(String name) {
        return name.isEmpty() || others != null || byName.containsKey(name);
    }

    @Override
    public boolean givesLogprobs(String name) {
        Model model = named(name);
        return model != null && model.givesLogprobs(name);
    }

    @Override
    public Optional<String> preferred() {
        return preferred;
    }

    @Override
    public Strategy strategy(ModelRequest request) {
        Model model = of(request);
        return model == null ? Strategy.NEW_ITEM : model.strategy(request);
    }

    @Override
    public Flow.Publisher<ModelEvent> answer(ModelRequest request) {
        Model model = of(request);
        if (model == null) {
            throw ModelFailure.refused(
                    404,
                    "model_not_found",
                    "The model '" + request.model() + "' does not exist or is not served here.");
        }
        return model.answer(request);
    }

    @Override
    public Optional<Duration> continuationDelay(ModelRequest request, int before) {
        Model model = of(request);
        return model == null ? Optional.empty() : model.continuationDelay(request, before);
    }

    private @Nullable Model of(ModelRequest request) {
        return named(request.model());
    }

    private @Nullable Model named(String name) {
        return byName.getOrDefault(name.isEmpty() ? preferred.orElse("") : name, others);
    }
}
