package dev.lastcall.lint;

import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.UnreadableManifest;
import java.io.InputStream;
import java.util.List;

/** Reads manifests for those who want to know what is in them, not what is wrong with them. */
public final class ManifestFiles {
    private ManifestFiles() {}

    /**
     * Reads files, directories, or {@code -} for the input.
     *
     * @throws UnreadableManifest where one of them cannot be read, or none holds an object
     */
    public static Manifests read(List<String> places, InputStream input) throws UnreadableManifest {
        ManifestReader reader = new ManifestReader();
        Sources.of(places, input, reader);
        if (!reader.problems().isEmpty()) {
            throw new UnreadableManifest(String.join("; ", reader.problems()));
        }
        if (reader.documents().isEmpty()) {
            throw new UnreadableManifest("no manifest in " + String.join(", ", places));
        }
        return new Manifests(reader.documents(), reader.kustomizations());
    }
}
