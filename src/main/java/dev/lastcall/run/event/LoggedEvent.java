package dev.lastcall.run.event;

/**
 * One event of a run as the log has it.
 *
 * @param item of a text delta: the id of its item; else empty
 * @param tokens how many text deltas there were before this event, in the whole run
 */
public record LoggedEvent(Row row, String item, int outputIndex, int contentIndex, int tokens) {
    /** The event's {@code sequence_number}. */
    public int seq() {
        return row.seq();
    }

    public EventType type() {
        return row.type();
    }

    /** The event in the words of OpenAI's Responses API; one line of ASCII. */
    public String json() {
        return type() == EventType.OUTPUT_TEXT_DELTA ? delta() : row.data();
    }

    private String delta() {
        return "{\"type\":\"response.output_text.delta\",\"sequence_number\":" + seq() + ",\"item_id\":\"" + item
                + "\",\"output_index\":" + outputIndex + ",\"content_index\":" + contentIndex + ",\"delta\":"
                + quoted() + ",\"logprobs\":" + logprobs() + "}";
    }

    /** Returns the text of a text delta, as a JSON string. */
    public String quoted() {
        return TextDelta.isPlain(row.data()) ? row.data() : Ascii.json(text());
    }

    /** Returns the text of a text delta. */
    public String text() {
        return TextDelta.of(row.data()).text();
    }

    /** Returns the log probabilities of a text delta's tokens, as a JSON array; an empty one where the model gave none. */
    public String logprobs() {
        return TextDelta.isPlain(row.data())
                ? "[]"
                : Ascii.json(TextDelta.of(row.data()).logprobs());
    }

    /** Whether a text delta has log probabilities. */
    public boolean hasLogprobs() {
        return !TextDelta.isPlain(row.data());
    }
}
