package dev.lastcall.model;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The built-in model, which needs no upstream. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.model.scripted")
interface ScriptedConfig {
    /**
     * Tokens a second of each answer; more than 0, fractions allowed. The first token comes at once. Slower makes longer runs, which is
     * what a rehearsal of a drain wants; above 1000 tokens come in bursts, at most 64
     * of them in a millisecond.
     */
    @WithDefault("20")
    double tokensPerSecond();

    /**
     * Whether it answers to every name of a model, and not to {@code scripted} alone, where there is no upstream: clients with a model of
     * their own can be tried without changing them. On in dev mode and tests.
     */
    @WithDefault("false")
    boolean anyName();
}
