package dev.lastcall.openai;

import dev.lastcall.vectorstore.StoredFile;
import dev.lastcall.vectorstore.VectorStores;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /v1/files}: texts, for vector stores. */
@Singleton
final class FileHandlers {
    static final String FILE = "file";
    private static final Set<String> PURPOSES =
            Set.of("assistants", "batch", "evals", "fine-tune", "user_data", "vision");
    private static final int LARGEST_PAGE = 10_000;
    private static final int LONGEST_NAME = 255;
    /** The most bytes of what is in a form besides the file. */
    private static final int FORM = 64 * 1024;

    private final VectorStores stores;

    FileHandlers(VectorStores stores) {
        this.stores = stores;
    }

    CompletionStage<Void> upload(Call call) {
        String boundary = MultipartForm.boundary(call.header("content-type"));
        return RequestBody.read(call, stores.maxFile() + FORM, ApiError.fileTooLarge(stores.maxFile()))
                .thenCompose(body -> keep(call, MultipartForm.of(body, boundary)))
                .thenAccept(file -> call.answer(200, json(file)));
    }

    private CompletionStage<StoredFile> keep(Call call, MultipartForm form) {
        MultipartForm.Part file = form.part(FILE);
        MultipartForm.Part purpose = form.part("purpose");
        if (file == null || purpose == null) {
            throw ApiError.missing(file == null ? FILE : "purpose", file == null ? "a file" : "a string");
        }
        if (form.has("expires_after")) {
            throw ApiError.unsupported("expires_after", "expires_after is not supported here; delete the file.");
        }
        JsonObject fields = new JsonObject().put("purpose", purpose.text());
        String word = new Fields(fields).word("purpose", PURPOSES);
        String name = file.filename() == null || file.filename().isBlank() ? "file.txt" : file.filename();
        if (name.length() > LONGEST_NAME || name.indexOf('\0') >= 0) {
            throw ApiError.invalid(FILE, "file: its name has more than " + LONGEST_NAME + " characters, or a NUL.");
        }
        if (file.content().length() > stores.maxFile()) {
            throw ApiError.fileTooLarge(stores.maxFile());
        }
        return stores.upload(
                call.tenant(),
                name,
                String.valueOf(word),
                text(file.content()),
                file.content().length());
    }

    private static String text(Buffer content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content.getBytes()))
                    .toString();
            if (!text.isBlank() && text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // Said below.
        }
        throw ApiError.wrong(
                "unsupported_file",
                FILE,
                "file: no text (expected: UTF-8 that is not empty). Send the text of the document.");
    }

    CompletionStage<Void> list(Call call) {
        String purpose = call.query("purpose");
        return stores.files(call.tenant()).thenAccept(files -> {
            List<JsonObject> oldestFirst = new ArrayList<>();
            files.stream()
                    .filter(file -> purpose == null || purpose.equals(file.purpose()))
                    .forEach(file -> oldestFirst.add(json(file)));
            Collections.reverse(oldestFirst);
            call.answer(200, ListPage.of(oldestFirst, call, LARGEST_PAGE, LARGEST_PAGE));
        });
    }

    CompletionStage<Void> get(Call call) {
        return stores.file(call.tenant(), call.pathId())
                .thenAccept(found ->
                        call.answer(200, json(found.orElseThrow(() -> ApiError.notFound(FILE, call.pathId())))));
    }

    CompletionStage<Void> content(Call call) {
        return stores.text(call.tenant(), call.pathId())
                .thenAccept(found -> call.answer(
                        200,
                        "application/octet-stream",
                        Buffer.buffer(found.orElseThrow(() -> ApiError.notFound(FILE, call.pathId()))),
                        () -> {}));
    }

    CompletionStage<Void> delete(Call call) {
        return stores.deleteFile(call.tenant(), call.pathId()).thenAccept(deleted -> {
            if (!deleted) {
                throw ApiError.notFound(FILE, call.pathId());
            }
            call.answer(
                    200,
                    new JsonObject()
                            .put("id", call.pathId())
                            .put("object", FILE)
                            .put("deleted", true));
        });
    }

    private static JsonObject json(StoredFile file) {
        return new JsonObject()
                .put("id", file.id())
                .put("object", FILE)
                .put("bytes", file.bytes())
                .put("created_at", file.createdAt().getEpochSecond())
                .putNull("expires_at")
                .put("filename", file.filename())
                .put("purpose", file.purpose())
                .put("status", "processed")
                .putNull("status_details");
    }
}
