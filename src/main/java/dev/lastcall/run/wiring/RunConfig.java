package dev.lastcall.run.wiring;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The settings by which runs are logged and owned where PostgreSQL is configured, and the limits of every run. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.run")
interface RunConfig {
    /**
     * How long after its birth an ended run is kept, at least; its whole day goes at once. Longer needs more disk: a token takes about 130
     * bytes.
     */
    @WithDefault("24h")
    @Range(max = "3650d")
    Duration retention();

    /** The longest a run may take; it is then closed as failed. Less than {@code retention}, which never waits for a live run's day. */
    @WithDefault("1h")
    Duration maxDuration();

    /** How many runs this pod executes at once; what comes on top is queued for any pod. */
    @WithDefault("500")
    @Range(max = "1000000")
    int maxOwned();

    /**
     * After this long without a sign of life a pod is dead and its runs are others'. Shorter resumes sooner after a SIGKILL, and makes more of
     * a slow PostgreSQL. Renewed every third of it.
     */
    @WithDefault("10s")
    @Range(min = "3s", max = "1d")
    Duration lease();

    /** Connections that append. One is enough for tens of thousands of tokens a second; more of them cost more commits for the same. */
    @WithDefault("1")
    @Range(max = "16")
    int appenders();

    /** The least time between two commits of an appender: longer costs latency and saves PostgreSQL's CPU. */
    @WithDefault("5ms")
    @Range(min = "0s", max = "10s")
    Duration commitInterval();

    /**
     * The rollout that this pod belongs to, larger for newer ones: handed-off runs go to the newest pods first, which live longest. Equal
     * where it is not set.
     */
    @WithDefault("0")
    @Range(min = "0")
    long version();

    /** The most tokens of a run; it is then closed as failed. More costs more of the log, or of memory where there is no database. */
    @WithDefault("200000")
    long maxTokens();

    /** How often a run may lose its pod without a hand-off (a crash, a kill) and be taken up by another; it is then closed as failed. */
    @WithDefault("5")
    @Range(max = "32767")
    int maxAttempts();

    /**
     * The most runs of one tenant that have not ended, queued ones among them; a request for another one gets 429. Counted and not locked:
     * requests at the same moment may pass it by a few.
     */
    @WithDefault("5000")
    int maxPerTenant();

    /** How often the model of a run may be asked, once more after each round of tool calls; it is then closed as failed. */
    @WithDefault("16")
    @Range(max = "1000000")
    int maxTurns();

    /**
     * How long a request waits for a PostgreSQL that does not answer, or cannot write, before it is refused as retryable. Longer spares clients a
     * retry in a fail-over; shorter lets them go elsewhere sooner.
     */
    @WithDefault("5s")
    Duration maxWait();

    /** How many requests wait for PostgreSQL at once; the next one is refused as retryable. Each holds its body meanwhile. */
    @WithDefault("1000")
    @Range(max = "1000000")
    int maxWaiting();

    /** How long the start waits for a PostgreSQL that does not answer yet; then it fails. Less than the startup probe allows. */
    @WithDefault("60s")
    Duration startTimeout();

    /**
     * The maker of the log's partitions, one a day, which drops them as well: {@code own}, this service, which then has to own the tables; or
     * {@code external}, somebody who runs {@code src/docs/partitions.sql} every day: then a user with SELECT, INSERT, UPDATE and DELETE is
     * enough.
     */
    @WithDefault("own")
    Partitions partitions();

    /** A schema of PostgreSQL for all tables, made where it is missing; unset: the first one of the user's search_path. */
    @Format(Form.IDENTIFIER)
    Optional<String> schema();

    /**
     * How much of the heap runs may take where there is no database, in bytes; unset: a quarter of the heap. Beyond it the oldest ended runs
     * are forgotten, then requests for another run get 429.
     */
    Optional<MemorySize> memory();

    /** The maker of the log's partitions. */
    enum Partitions {
        OWN,
        EXTERNAL
    }
}
