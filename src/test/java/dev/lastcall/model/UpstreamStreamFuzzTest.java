package dev.lastcall.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Pieces;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Answers of a model's upstream: the same bytes are the same events, and what is malformed is a {@link ModelFailure} and nothing else. */
class UpstreamStreamFuzzTest {
    /** The id of a call that the upstream gave none. */
    private static final Pattern MADE_UP = Pattern.compile("call_[0-9a-f]{32}");

    @DictionaryEntries({
        "data: ",
        "data: [DONE]\\x0a\\x0a",
        "event: ",
        "error: ",
        "\\x0d\\x0a\\x0d\\x0a",
        "{\\\"choices\\\":[{\\\"index\\\":0,\\\"delta\\\":{\\\"content\\\":\\\"a\\\"}}]}",
        "\\\"finish_reason\\\":\\\"stop\\\"",
        "\\\"tool_calls\\\":[{\\\"index\\\":0,\\\"id\\\":\\\"c\\\",\\\"function\\\":{\\\"name\\\":\\\"f\\\",\\\"arguments\\\":\\\"{}\\\"}}]",
        "\\\"reasoning_content\\\":",
        "\\\"usage\\\":{\\\"prompt_tokens\\\":1,\\\"completion_tokens\\\":1}",
        "\\\"logprobs\\\":{\\\"content\\\":[]}",
        "\\\\ud83d",
        "\\\\ude00"
    })
    @FuzzTest
    void eventsAreTheSameWhereverTheBytesAreCut(byte[] input) {
        var unused = Pieces.alike(input, UpstreamStreamFuzzTest::events);
        List<String> answer = Pieces.alike(input, UpstreamStreamFuzzTest::answer);
        assertThat(answer.stream().filter(each -> each.startsWith("Finish")).count())
                .isLessThanOrEqualTo(1);
        // Nothing is said twice.
        assertThat(answer.stream().mapToInt(String::length).sum()).isLessThan(1000 + 100 * input.length);
    }

    private static List<String> events(List<byte[]> pieces) {
        List<String> seen = new ArrayList<>();
        ServerSentEvents events = new ServerSentEvents((name, data) -> seen.add(name + "|" + data));
        pieces.forEach(piece -> events.read(Buffer.buffer(piece)));
        events.end();
        return seen;
    }

    private static List<String> answer(List<byte[]> pieces) {
        List<String> seen = new ArrayList<>();
        ChatStream stream = new ChatStream(
                event -> seen.add(MADE_UP.matcher(event.toString()).replaceAll("made up")));
        try {
            for (byte[] piece : pieces) {
                stream.read(Buffer.buffer(piece));
            }
            stream.end();
        } catch (ModelFailure failure) {
            seen.add("failed");
        }
        return seen;
    }
}
