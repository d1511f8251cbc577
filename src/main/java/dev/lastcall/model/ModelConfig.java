package dev.lastcall.model;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;

/** The upstream models. {@code openai} takes every name that no other one has; any other name is the model's, as clients say it. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.model")
interface ModelConfig {
    /** The upstreams by name; {@code scripted} is the built-in model and no upstream. */
    @WithParentName
    Map<String, OpenAiConfig> upstreams();
}
