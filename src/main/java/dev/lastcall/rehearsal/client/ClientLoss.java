package dev.lastcall.rehearsal.client;

/** Thrown where a client did not get its answer whole. */
public final class ClientLoss extends Exception {
    private static final long serialVersionUID = 1L;

    private final LossKind kind;
    private final String detail;

    /**
     * Makes the failure.
     *
     * @param detail what is known besides the kind; may be empty
     */
    public ClientLoss(LossKind kind, String detail) {
        super(kind.words() + (detail.isEmpty() ? "" : ": " + detail));
        this.kind = kind;
        this.detail = detail;
    }

    /** Returns the way in which it was lost. */
    public LossKind kind() {
        return kind;
    }

    /** Returns what is known besides the kind; may be empty. */
    public String detail() {
        return detail;
    }

    /** Returns the same loss with more said about it. */
    public ClientLoss with(String more) {
        return new ClientLoss(kind, detail.isEmpty() ? more : detail + ", " + more);
    }
}
