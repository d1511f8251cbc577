package dev.lastcall.run.toolcall;

import dev.lastcall.run.event.Ascii;
import dev.lastcall.tool.ToolAnswer;
import io.vertx.core.json.JsonObject;

/**
 * The output of a tool call as the model and the client get it.
 *
 * @param complete whether the text is the tool's own; else it is ours and says what is known of the call
 */
public record ToolOutput(String text, boolean complete) {
    private static final String OUTPUT = "output";
    private static final String COMPLETE = "complete";

    static ToolOutput of(ToolAnswer answer) {
        if (answer instanceof ToolAnswer.Said said) {
            return new ToolOutput(said.text(), true);
        }
        return answer instanceof ToolAnswer.Failed failed
                ? error("failed", failed.reason())
                : unknown(((ToolAnswer.Unknown) answer).reason());
    }

    static ToolOutput unknown(String reason) {
        return error("unknown", reason + "; it may or may not have taken effect");
    }

    private static ToolOutput error(String code, String message) {
        JsonObject error = new JsonObject().put("code", code).put("message", message);
        return new ToolOutput(new JsonObject().put("error", error).encode(), false);
    }

    /** Encodes the output for the ledger, in ASCII because PostgreSQL's text type cannot hold every character. */
    String encode() {
        return Ascii.json(new JsonObject().put(OUTPUT, text).put(COMPLETE, complete));
    }

    /** Decodes the result of {@link #encode()}. */
    static ToolOutput decode(String encoded) {
        JsonObject json = new JsonObject(encoded);
        return new ToolOutput(json.getString(OUTPUT), json.getBoolean(COMPLETE));
    }
}
