package dev.lastcall.lint;

import static dev.lastcall.lint.Sample.FOREIGN;
import static dev.lastcall.lint.Sample.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The work grows with the number of objects, not with the number of their pairs. CPU time is measured, which a busy machine does not change much. */
class SpeedTest {
    private static final int MANY = 2000;

    /** A linear search for each pair took half a minute for the same. */
    private static final Duration LIMIT = Duration.ofSeconds(12);

    @Test
    void twoThousandDeploymentsWithTheirServices() {
        assertQuick(number -> FOREIGN.yaml().replace("web", "web" + number));
    }

    @Test
    void twoThousandWithOneLabelInCommon() {
        assertQuick(number -> SERVICE.yaml()
                .replace("{app: web}", "{part-of: shop, app: web" + number + "}")
                .replace("name: web", "name: web" + number));
    }

    private static void assertQuick(IntFunction<String> manifest) {
        StringBuilder all = new StringBuilder();
        for (int number = 0; number < MANY; number++) {
            all.append(manifest.apply(number)).append("---\n");
        }
        long start = cpu();
        Linted linted = Linted.withInput(all.toString(), "-");
        Duration used = Duration.ofNanos(cpu() - start);
        assertThat(linted.out()).contains(" in " + MANY + " workloads, " + 3 * MANY + " manifests");
        assertThat(linted.exitCode()).isEqualTo(Lint.CLEAN);
        assertThat(used).isLessThan(LIMIT);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
