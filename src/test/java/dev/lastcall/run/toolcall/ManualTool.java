package dev.lastcall.run.toolcall;

import dev.lastcall.tool.Tool;
import dev.lastcall.tool.ToolAnswer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A tool that answers when the test says so, and writes down what it was asked. */
public final class ManualTool implements Tool {
    public final List<String> keys = new ArrayList<>();
    public final List<String> arguments = new ArrayList<>();
    public final List<CompletableFuture<ToolAnswer>> answers = new ArrayList<>();
    private final String name;
    private final boolean idempotent;
    private final List<String> journal;

    public ManualTool(String name, boolean idempotent, List<String> journal) {
        this.name = name;
        this.idempotent = idempotent;
        this.journal = journal;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public JsonObject definition() {
        return new JsonObject().put("type", "function").put("name", name);
    }

    @Override
    public boolean idempotent() {
        return idempotent;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(String key, String asked) {
        journal.add("call");
        keys.add(key);
        arguments.add(asked);
        CompletableFuture<ToolAnswer> answer = new CompletableFuture<>();
        answers.add(answer);
        return answer;
    }

    public void say(String text) {
        answer(new ToolAnswer.Said(text));
    }

    /** Answers the newest call. */
    public void answer(ToolAnswer answer) {
        answers.get(answers.size() - 1).complete(answer);
    }
}
