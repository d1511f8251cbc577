package dev.lastcall.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UiMessagesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{'id':'c','messages':[]}",
                "{'id':'c','messages':{}}",
                "{'id':'c','messages':[null]}",
                "{'id':'c','messages':[[]]}",
                "{'id':'c','messages':[{}]}",
                "{'id':'c','messages':[{'role':null,'parts':[]}]}",
                "{'id':'c','messages':[{'role':'robot','parts':[]}]}",
                "{'id':'c','messages':[{'role':'user'}]}",
                "{'id':'c','messages':[{'role':'user','parts':null}]}",
                "{'id':'c','messages':[{'role':'user','parts':'x'}]}",
                "{'id':'c','messages':[{'role':'user','parts':[]}]}",
                "{'id':'c','messages':[{'role':'user','parts':[null]}]}",
                "{'id':'c','messages':[{'role':'user','parts':['x']}]}",
                "{'id':'c','messages':[{'role':'user','parts':[{'type':null}]}]}",
                "{'id':null,'messages':[{'role':'user','parts':[{'type':'text','text':'x'}]}]}",
                "{'id':'a\\u0000b','messages':[{'role':'user','parts':[{'type':'text','text':'x'}]}]}"
            })
    void whatIsNoChatIsRefused(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(BadInput.class);
    }

    @Test
    void membersOfPartsThatAreNoTextsAreNone() {
        UiMessages chat = read("{'id':'c','messages':[{'role':'user','parts':["
                + "{'type':'text','text':null},{'type':'file','url':null,'mediaType':null},"
                + "{'type':'dynamic-tool','toolCallId':7,'toolName':null,'output':{}},{'type':'step-start'}]}]}");

        assertThat(chat.input().encode()).contains("function_call_output", "input_file");
    }

    private static UiMessages read(String body) {
        return UiMessages.read(Buffer.buffer(body.replace('\'', '"')));
    }
}
