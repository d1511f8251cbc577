package dev.lastcall.drain;

import static dev.lastcall.drain.Trigger.OPERATOR;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example of {@code src/docs/extending.md}: a unary request that ends on time. */
class EndingEarlyTest {
    private static final Path EXAMPLE =
            Path.of("src", "test", "java", "dev", "lastcall", "drain", "EndingEarlyTest.java");
    private static final List<String> CHAPTERS = Collections.nCopies(100, "chapter");

    private final DrainFixture fixture = new DrainFixture();
    private double now;

    // The method as it is in the document.
    Response summarize(List<String> chapters, DrainSignal signal) throws Exception {
        StringBuilder summary = new StringBuilder();
        for (String chapter : chapters) {
            if (signal.isCancelled()) {
                return Response.status(503).header("Retry-After", "1").build();
            }
            summary.append(sentenceOf(chapter)); // takes less than cancel-reserve
        }
        return Response.ok(summary.toString()).build();
    }
    // The end of it.

    /** A second of the fake clock. */
    private String sentenceOf(String chapter) {
        now++;
        fixture.at(now);
        return chapter + ". ";
    }

    @Test
    void unaryRequestIsToldAtCancellingAndEndsBeforeTheCut() throws Exception {
        Entry request = fixture.begin(SIGTERM).open();
        Response answer = summarize(CHAPTERS, request);
        request.end(Outcome.COMPLETED);

        assertThat(now).isEqualTo(22);
        assertThat(answer.getStatus()).isEqualTo(503);
        fixture.at(29);
        assertThat(fixture.drain.view().totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void operatorsDrainTellsNobody() throws Exception {
        Entry request = fixture.begin(OPERATOR).open();

        assertThat(summarize(CHAPTERS, request).getStatus()).isEqualTo(200);
        request.end(Outcome.COMPLETED);
    }

    @Test
    void documentHasThisMethod() throws Exception {
        String source = Files.readString(EXAMPLE);
        String method =
                source.substring(source.indexOf("    Response summarize("), source.indexOf("    // The end of it."));
        String example =
                Pattern.compile("^ {4}", Pattern.MULTILINE).matcher(method).replaceAll("");

        assertThat(Files.readString(Path.of("src", "docs", "extending.md"))).contains("```java\n" + example + "```");
    }
}
