package dev.lastcall.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.drain.ReleaseOutcome;
import dev.lastcall.drain.ReleaseResult;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.EmbeddingJars;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;

class InProcessModelTest {
    private static final ModelLibrary LIBRARY = ModelLibrary.of(EmbeddingJars.all());
    private static final long MIB = 1 << 20;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Encoder encoder() {
        return new Encoder(LIBRARY.tokenizer(), LIBRARY.session(2));
    }

    private static double cosine(float[] one, float[] other) {
        return UnitVectors.product(one, other, 0);
    }

    @Test
    void textsOfOneMeaningAreNear() {
        try (Encoder encoder = encoder()) {
            Embedded embedded = encoder.encode(List.of(
                    "How do I reset my password?",
                    "I forgot my login and need a new one.",
                    "The volcano erupted in the night.",
                    "word ".repeat(2000)));

            List<float[]> vectors = embedded.vectors();
            assertThat(vectors).allSatisfy(vector -> {
                assertThat(vector).hasSize(InProcessModel.DIMENSIONS);
                assertThat(cosine(vector, vector)).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-4));
            });
            assertThat(cosine(vectors.get(0), vectors.get(1))).isGreaterThan(0.4);
            assertThat(cosine(vectors.get(0), vectors.get(2))).isLessThan(0.2);
            assertThat(embedded.tokens()).isGreaterThan(2000);
            // Together or alone: what fills a row up is not read.
            assertThat(cosine(
                            encoder.encode(List.of("The volcano erupted in the night."))
                                    .vectors()
                                    .get(0),
                            vectors.get(2)))
                    .isGreaterThan(0.99);
            assertThatThrownBy(() -> encoder.encode(List.of("a b ".repeat(5000))))
                    .isInstanceOf(ModelFailure.class)
                    .hasMessageContaining("10000 tokens");
        }
    }

    @Test
    void piecesAreBerts() {
        WordPiece tokenizer = LIBRARY.tokenizer();

        assertThat(tokenizer.first()).isEqualTo(101);
        assertThat(tokenizer.last()).isEqualTo(102);
        assertThat(tokenizer.pieces("Hello, world!")).containsExactly(7592, 1010, 2088, 999);
        assertThat(tokenizer.pieces("H\u00e9llo\u0000 embeddings")).containsExactly(7592, 7861, 8270, 4667, 2015);
        assertThat(tokenizer.pieces("x".repeat(101))).containsExactly(100);
        assertThat(tokenizer.pieces("")).isEmpty();
    }

    /**
     * The memory that loading adds: it comes back, and a hundredth time as the first (repeated here as often as there is time for). In a JVM whose
     * heap neither grows nor shrinks: the collector gives memory back when it likes.
     */
    @Test
    void memoryComesBack() {
        int rounds = Integer.getInteger("lastcall.embedding.rounds", 2);
        try (ChildProcess process = ChildProcess.start(Command.java(List.of(
                "-XX:TieredStopAtLevel=1",
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryRounds.class.getName(),
                Integer.toString(rounds),
                EmbeddingJars.setting())))) {
            MatchResult said = process.awaitLine("loaded=(-?\\d+) closed=(-?\\d+) last=(-?\\d+)", LIMIT);
            long loaded = Long.parseLong(said.group(1));
            assertThat(loaded).isGreaterThan(15 * MIB);
            assertThat(Long.parseLong(said.group(2))).isLessThan(loaded * 4 / 10);
            assertThat(Long.parseLong(said.group(3))).isLessThan(15 * MIB);
        }
    }

    @Test
    void fullQueueIsRefusedAndTheReleaseGivesTheModelUp() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        InProcessModel model = new InProcessModel(
                () -> {
                    begun.countDown();
                    return new Encoder(LIBRARY.tokenizer(), new StuckSession(stuck));
                },
                1);
        CompletableFuture<Embedded> first = model.embed(EmbeddingRequest.of(InProcessModel.NAME, List.of("a")));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Embedded> second = model.embed(EmbeddingRequest.of(InProcessModel.NAME, List.of("b")));

        assertThat(failure(model.embed(EmbeddingRequest.of(InProcessModel.NAME, List.of("c"))))
                        .code())
                .isEqualTo("rate_limit_exceeded");
        assertThat(failure(model.embed(new EmbeddingRequest(
                                InProcessModel.NAME, List.of("c"), OptionalInt.of(100), Optional.empty())))
                        .getMessage())
                .contains("expected: 384");

        ReleaseSteps steps = new ReleaseSteps();
        steps.register(model);
        steps.release(ReleaseStage.EMBEDDING_MODEL, () -> Duration.ofMillis(300));
        ReleaseResult result = steps.results().get(0);
        assertThat(result.outcome()).isInstanceOf(ReleaseOutcome.TimedOut.class);
        assertThat(result.detail()).isEqualTo("in a native call");

        stuck.countDown();
        assertThat(first.get(60, TimeUnit.SECONDS).vectors()).hasSize(1);
        assertThat(failure(second).status()).isEqualTo(503);
        assertThat(failure(model.embed(EmbeddingRequest.of(InProcessModel.NAME, List.of("d"))))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void releaseSaysWhatItFreed() {
        InProcessModel model = new InProcessModel(InProcessModelTest::encoder, 10);
        model.embed(EmbeddingRequest.of(InProcessModel.NAME, List.of("a"))).join();
        ReleaseSteps steps = new ReleaseSteps();
        steps.register(model);
        steps.release(ReleaseStage.EMBEDDING_MODEL, () -> Duration.ofSeconds(60));

        assertThat(steps.results().get(0).outcome()).isInstanceOf(ReleaseOutcome.Released.class);
        assertThat(steps.results().get(0).detail()).matches("freed-bytes=[0-9]{7,}");
    }

    private static ModelFailure failure(CompletableFuture<?> answer) throws Exception {
        return (ModelFailure) answer.handle((done, failure) -> failure).get(60, TimeUnit.SECONDS);
    }

    @Test
    void libraryThatIsNotThereIsSaidSo() {
        assertThatThrownBy(() -> ModelLibrary.of(List.of(Path.of("target"))))
                .hasMessageContaining("lastcall.embedding.library")
                .hasMessageContaining("-Pembedding");
        assertThatThrownBy(() -> ModelLibrary.of(List.of(Path.of("no-such-directory"))))
                .hasMessageContaining("lastcall.embedding.library");
    }

    private record StuckSession(CountDownLatch stuck) implements TransformerSession {
        @Override
        public float[][] run(long[][] ids, int[] lengths) {
            boolean interrupted = false;
            while (true) {
                try {
                    stuck.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return new float[ids.length][InProcessModel.DIMENSIONS];
        }

        @Override
        public void close() {}
    }
}
