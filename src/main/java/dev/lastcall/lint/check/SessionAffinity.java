package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import java.util.stream.Stream;

/** Clients that come back to one pod: what it keeps for them alone ends with it. */
final class SessionAffinity implements Check {
    @Override
    public Stream<Finding> findings(Document object, Manifests all) {
        Field place = object.root().at("spec", "sessionAffinity");
        return object.kind().equals("Service") && place.is("ClientIP")
                ? Stream.of(Finding.note(
                        object,
                        place,
                        "a client's next pod knows nothing of what the one that ended kept for it",
                        "keep sessions outside the pod, and leave it out"))
                : Stream.empty();
    }
}
