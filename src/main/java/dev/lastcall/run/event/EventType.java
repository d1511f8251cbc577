package dev.lastcall.run.event;

import java.util.HashMap;
import java.util.Map;

/**
 * The types of a run's events: those of OpenAI's Responses API, whose strict clients throw on any other. The code is what the log stores: a
 * code is never given to another type, and new types get new codes.
 */
public enum EventType {
    CREATED(0, "response.created"),
    QUEUED(1, "response.queued"),
    IN_PROGRESS(2, "response.in_progress"),
    COMPLETED(3, "response.completed"),
    FAILED(4, "response.failed"),
    INCOMPLETE(5, "response.incomplete"),
    OUTPUT_ITEM_ADDED(10, "response.output_item.added"),
    OUTPUT_ITEM_DONE(11, "response.output_item.done"),
    CONTENT_PART_ADDED(12, "response.content_part.added"),
    CONTENT_PART_DONE(13, "response.content_part.done"),
    OUTPUT_TEXT_DELTA(14, "response.output_text.delta"),
    OUTPUT_TEXT_DONE(15, "response.output_text.done"),
    OUTPUT_TEXT_ANNOTATION_ADDED(16, "response.output_text.annotation.added"),
    REFUSAL_DELTA(17, "response.refusal.delta"),
    REFUSAL_DONE(18, "response.refusal.done"),
    FUNCTION_CALL_ARGUMENTS_DELTA(20, "response.function_call_arguments.delta"),
    FUNCTION_CALL_ARGUMENTS_DONE(21, "response.function_call_arguments.done"),
    CUSTOM_TOOL_CALL_INPUT_DELTA(22, "response.custom_tool_call_input.delta"),
    CUSTOM_TOOL_CALL_INPUT_DONE(23, "response.custom_tool_call_input.done"),
    REASONING_SUMMARY_PART_ADDED(30, "response.reasoning_summary_part.added"),
    REASONING_SUMMARY_PART_DONE(31, "response.reasoning_summary_part.done"),
    REASONING_SUMMARY_TEXT_DELTA(32, "response.reasoning_summary_text.delta"),
    REASONING_SUMMARY_TEXT_DONE(33, "response.reasoning_summary_text.done"),
    REASONING_TEXT_DELTA(34, "response.reasoning_text.delta"),
    REASONING_TEXT_DONE(35, "response.reasoning_text.done"),
    FILE_SEARCH_CALL_IN_PROGRESS(40, "response.file_search_call.in_progress"),
    FILE_SEARCH_CALL_SEARCHING(41, "response.file_search_call.searching"),
    FILE_SEARCH_CALL_COMPLETED(42, "response.file_search_call.completed"),
    WEB_SEARCH_CALL_IN_PROGRESS(43, "response.web_search_call.in_progress"),
    WEB_SEARCH_CALL_SEARCHING(44, "response.web_search_call.searching"),
    WEB_SEARCH_CALL_COMPLETED(45, "response.web_search_call.completed"),
    IMAGE_GENERATION_CALL_IN_PROGRESS(50, "response.image_generation_call.in_progress"),
    IMAGE_GENERATION_CALL_GENERATING(51, "response.image_generation_call.generating"),
    IMAGE_GENERATION_CALL_PARTIAL_IMAGE(52, "response.image_generation_call.partial_image"),
    IMAGE_GENERATION_CALL_COMPLETED(53, "response.image_generation_call.completed"),
    CODE_INTERPRETER_CALL_IN_PROGRESS(60, "response.code_interpreter_call.in_progress"),
    CODE_INTERPRETER_CALL_INTERPRETING(61, "response.code_interpreter_call.interpreting"),
    CODE_INTERPRETER_CALL_COMPLETED(62, "response.code_interpreter_call.completed"),
    CODE_INTERPRETER_CALL_CODE_DELTA(63, "response.code_interpreter_call_code.delta"),
    CODE_INTERPRETER_CALL_CODE_DONE(64, "response.code_interpreter_call_code.done"),
    MCP_CALL_IN_PROGRESS(70, "response.mcp_call.in_progress"),
    MCP_CALL_ARGUMENTS_DELTA(71, "response.mcp_call_arguments.delta"),
    MCP_CALL_ARGUMENTS_DONE(72, "response.mcp_call_arguments.done"),
    MCP_CALL_COMPLETED(73, "response.mcp_call.completed"),
    MCP_CALL_FAILED(74, "response.mcp_call.failed"),
    MCP_LIST_TOOLS_IN_PROGRESS(75, "response.mcp_list_tools.in_progress"),
    MCP_LIST_TOOLS_COMPLETED(76, "response.mcp_list_tools.completed"),
    MCP_LIST_TOOLS_FAILED(77, "response.mcp_list_tools.failed"),
    AUDIO_DELTA(80, "response.audio.delta"),
    AUDIO_DONE(81, "response.audio.done"),
    AUDIO_TRANSCRIPT_DELTA(82, "response.audio.transcript.delta"),
    AUDIO_TRANSCRIPT_DONE(83, "response.audio.transcript.done"),
    ERROR(90, "error");

    private static final Map<Integer, EventType> BY_CODE = new HashMap<>();

    static {
        for (EventType type : values()) {
            BY_CODE.put(type.code, type);
        }
    }

    private final int code;
    private final String key;

    EventType(int code, String key) {
        this.code = code;
        this.key = key;
    }

    /**
     * The type of a code.
     *
     * @throws IllegalArgumentException where no type has it: a newer version wrote it
     */
    public static EventType of(int code) {
        EventType type = BY_CODE.get(code);
        if (type == null) {
            throw new IllegalArgumentException("event type: " + code + " (expected: a code of this version)");
        }
        return type;
    }

    /** The number that the log stores; fits a smallint. */
    public int code() {
        return code;
    }

    /** The word on the wire: {@code response.output_text.delta}. */
    public String key() {
        return key;
    }

    /** Whether no event follows it. */
    public boolean isTerminal() {
        return this == COMPLETED || this == FAILED || this == INCOMPLETE;
    }
}
