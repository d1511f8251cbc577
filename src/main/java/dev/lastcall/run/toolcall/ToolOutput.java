package dev.lastcall.run.toolcall;

import dev.lastcall.run.event.Ascii;
import dev.lastcall.tool.ToolAnswer;
import io.vertx.core.json.JsonObject;

/**
 * What the model and the client are told of a call.
 *
 * @param complete whether the tool itself said it; else the text is of ours and says what is known
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

    /** For the ledger: ASCII, because PostgreSQL's text holds not every character. */
    String encode() {
        return Ascii.json(new JsonObject().put(OUTPUT, text).put(COMPLETE, complete));
    }

    /** What {@link #encode()} gave. */
    static ToolOutput decode(String encoded) {
        JsonObject json = new JsonObject(encoded);
        return new ToolOutput(json.getString(OUTPUT), json.getBoolean(COMPLETE));
    }
}
