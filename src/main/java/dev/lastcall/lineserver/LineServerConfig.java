package dev.lastcall.lineserver;

import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;

/** The line server: what comes by TCP is sent back, line by line. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.line-server")
interface LineServerConfig {
    /** The port, on all addresses; 0 takes a free one; unset: there is no line server. */
    @Range(min = "0", max = "65535")
    OptionalInt port();

    /** The longest line, in bytes; a longer one is answered with an error, and its connection closed. */
    @WithDefault("64K")
    @Range(max = "16M")
    MemorySize maxLine();
}
