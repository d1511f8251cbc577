package dev.lastcall.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTest {
    @Test
    void hasTheMembersOfTheStandardAndItsOwn() {
        Problem problem = Problem.of(409, "it is over").with("run", "r1");
        assertThat(new JsonObject(problem.encode()))
                .isEqualTo(new JsonObject()
                        .put("type", "about:blank")
                        .put("title", "Conflict")
                        .put("status", 409)
                        .put("detail", "it is over")
                        .put("run", "r1"));
        assertThat(problem.headers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "413, Content Too Large",
        "414, URI Too Long",
        "431, Request Header Fields Too Large",
        "503, Service Unavailable"
    })
    void titleIsThePhraseOfRfc9110(int status, String title) {
        assertThat(new JsonObject(Problem.of(status, "").encode()).getString("title"))
                .isEqualTo(title);
    }

    @Test
    void retryableOneCarriesEveryRetryHeader() {
        Problem problem = Problem.of(503, "again").retryable(true);
        assertThat(new JsonObject(problem.encode()).getBoolean("retryable")).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(problem.headers()).containsEntry("Retry-After", "1").containsEntry("x-should-retry", "true");
            assertThat(Integer.parseInt(problem.headers().get("retry-after-ms")))
                    .isBetween(200, 500);
        }
        assertThat(problem.retryable(false).headers()).isEmpty();
    }
}
