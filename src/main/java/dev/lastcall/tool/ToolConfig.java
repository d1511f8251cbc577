package dev.lastcall.tool;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import dev.lastcall.config.Range;
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
        /** The URL to which the arguments are POSTed as JSON; the model gets the answer as it is. Redirects are not followed. */
        @Format(Form.HTTP_URL)
        String url();

        /** The description that the model gets: when to call the tool, and what it answers. */
        Optional<String> description();

        /** The arguments, as the JSON Schema of an object. */
        @WithDefault("{\"type\":\"object\",\"properties\":{}}")
        String schema();

        /**
         * Whether two calls with the same {@code Idempotency-Key} are as good as one. If so, a call whose outcome is unknown is made again;
         * else it never is, and the model is told that it may or may not have taken effect.
         */
        @WithDefault("false")
        boolean idempotent();

        /** The time limit from the call to the last byte of its answer. */
        @WithDefault("10s")
        Duration timeout();

        /**
         * The longest answer, at most 1M; for a longer one the model is told only that it was too long. Answers are stored in the log
         * several times.
         */
        @WithDefault("64K")
        @Range(max = "1M")
        MemorySize maxAnswer();
    }
}
