package dev.lastcall.tool;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The tools that this service calls itself, by the name under which the model knows them. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.tool")
interface ToolConfig {
    /** Offered to the model in every run, besides those that the client brings. */
    @WithParentName
    Map<String, Declared> tools();

    /** One tool. */
    interface Declared {
        /** Where the arguments are POSTed, as JSON; what comes back is told to the model as it is. Redirects are not followed. */
        String url();

        /** What the model is told about it: when to call it, and what it answers. */
        Optional<String> description();

        /** The arguments, as the JSON Schema of an object. */
        @WithDefault("{\"type\":\"object\",\"properties\":{}}")
        String schema();

        /**
         * Whether two calls with the same {@code Idempotency-Key} are as good as one. Then a call whose outcome nobody knows is made again;
         * else it never is, and the model is told that it may or may not have taken effect.
         */
        @WithDefault("false")
        boolean idempotent();

        /** From the call to the last byte of its answer. */
        @WithDefault("10s")
        Duration timeout();

        /** The longest answer, at most 1M; of a longer one the model is told nothing but that. It is kept in the log, several times. */
        @WithDefault("64K")
        MemorySize maxAnswer();
    }
}
