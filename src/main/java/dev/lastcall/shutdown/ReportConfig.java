package dev.lastcall.shutdown;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** The place of the report besides the log. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.report")
public interface ReportConfig {
    /**
     * The container's {@code terminationMessagePath}: what {@code kubectl describe pod} shows. Written only where the file exists, as it
     * does in a container; never created.
     */
    @WithDefault("/dev/termination-log")
    Path path();
}
