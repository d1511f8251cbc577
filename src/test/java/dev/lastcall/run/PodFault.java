package dev.lastcall.run;

import dev.lastcall.testing.Databases;
import dev.lastcall.testing.FaultyLink.Way;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The faults of pods and of what they stand on. Each leaves as many pods behind as there were, and everything mended. */
enum PodFault {
    /** A node dies; in every third case the one beside it too. */
    KILL(8) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            int count = random.nextInt(3) == 0 ? 2 : 1;
            for (int i = 0; i < count; i++) {
                pods.kill(one(pods, random));
            }
            for (int i = 0; i < count; i++) {
                pods.add();
            }
        }
    },
    /** A step of a rolling update: preStop, SIGTERM, and sometimes a second one. */
    ROLL(3) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            Pod old = one(pods, random);
            pods.add();
            if (random.nextBoolean()) {
                var answer = new Operator(old).begin("GET", "/drain/pre-stop");
                answer.exceptionally(gone -> null);
                pause(random.nextInt(1000));
            }
            pods.end(old);
            if (random.nextInt(3) == 0) {
                pause(random.nextInt(1000));
                if (old.isRunning()) {
                    old.signal(random.nextBoolean() ? "TERM" : "INT");
                }
            }
        }
    },
    /** A pod stands still, for less or more than its lease. */
    FREEZE(3) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            Pod pod = one(pods, random);
            pod.signal("STOP");
            pause(200 + random.nextInt(8000));
            pod.signal("CONT");
        }
    },
    /** An operator changes their mind. */
    UNDRAIN(2) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            Operator operator = new Operator(one(pods, random));
            operator.ask("POST", "/drain");
            pause(random.nextInt(3000));
            operator.ask("DELETE", "/drain");
            operator.awaitState("serving");
        }
    },
    /** Between a pod and PostgreSQL one direction is lost, or both; then it is mended, or what was connected is reset. */
    PARTITION(5) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            Pod pod = one(pods, random);
            Set<Way> ways = random.nextInt(3) == 0
                    ? EnumSet.allOf(Way.class)
                    : EnumSet.of(random.nextBoolean() ? Way.THERE : Way.BACK);
            pods.toPostgres(pod).cut(ways);
            pause(200 + random.nextInt(8000));
            if (random.nextBoolean()) {
                pods.toPostgres(pod).reset();
            }
            pods.mend();
        }
    },
    /** A pod's way to PostgreSQL is long. */
    DELAY(2) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            pods.toPostgres(one(pods, random)).delay(Duration.ofMillis(10 + random.nextInt(200)));
            pause(3000);
            pods.mend();
        }
    },
    RESET(2) {
        @Override
        void happen(FaultyPods pods, Random random) {
            pods.serving().forEach(pod -> pods.toPostgres(pod).reset());
        }
    },
    /** A database that is left as a standby, as after a failover that chose the wrong one. */
    READ_ONLY(1) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            var database = pods.pods.databases().postgres();
            TestRuns.execute(database, "ALTER DATABASE postgres SET default_transaction_read_only = on");
            pods.serving().forEach(pod -> pods.toPostgres(pod).reset());
            pause(1000 + random.nextInt(4000));
            TestRuns.execute(
                    database, "BEGIN READ WRITE; ALTER DATABASE postgres RESET default_transaction_read_only; COMMIT");
        }
    },
    POSTGRES_KILLED(1) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            Databases databases = pods.pods.databases();
            if (random.nextBoolean()) {
                databases.killPostgres();
            } else {
                databases.stopPostgres();
            }
            pause(random.nextInt(4000));
            databases.restartPostgres();
        }
    },
    POSTGRES_FROZEN(1) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            pods.pods.databases().freezePostgres();
            pause(500 + random.nextInt(5000));
            pods.pods.databases().thawPostgres();
        }
    },
    REDIS(2) {
        @Override
        void happen(FaultyPods pods, Random random) throws InterruptedException {
            var redis = pods.pods.databases().redis();
            switch (random.nextInt(4)) {
                case 0 -> {
                    redis.kill();
                    pause(random.nextInt(2000));
                    redis.restart();
                }
                case 1 -> {
                    redis.freeze();
                    pause(500 + random.nextInt(4000));
                    redis.thaw();
                }
                case 2 -> {
                    pods.toRedis(one(pods, random)).cut(EnumSet.of(random.nextBoolean() ? Way.THERE : Way.BACK));
                    pause(500 + random.nextInt(4000));
                    pods.mend();
                }
                default -> redis.command("FLUSHALL");
            }
        }
    };

    private final int weight;

    PodFault(int weight) {
        this.weight = weight;
    }

    abstract void happen(FaultyPods pods, Random random) throws InterruptedException;

    static PodFault random(Random random) {
        int which = random.nextInt(
                List.of(values()).stream().mapToInt(each -> each.weight).sum());
        for (PodFault each : values()) {
            which -= each.weight;
            if (which < 0) {
                return each;
            }
        }
        throw new IllegalStateException();
    }

    private static Pod one(FaultyPods pods, Random random) {
        List<Pod> serving = List.copyOf(pods.serving());
        return serving.get(random.nextInt(serving.size()));
    }

    static void pause(int milliseconds) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(milliseconds);
    }
}
