"""A LangChain agent takes a review to the inbox, and asks you before it writes.

Needs ASKCV_TOKEN, and ASKCV_BASE_URL for the staging backend. MODEL names a chat model ("openai:gpt-5-mini", with its
package and key); without it a stand-in does the work offline.
"""

import os

from langchain.agents import create_agent
from langchain.chat_models import init_chat_model
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from offline import TASK, langchain_model

from langchain_askcv import AskCVToolkit


def main() -> None:
    toolkit = AskCVToolkit()
    model = init_chat_model(os.environ["MODEL"]) if "MODEL" in os.environ else langchain_model()
    agent = create_agent(model, toolkit.get_tools(), checkpointer=InMemorySaver())
    thread = {"configurable": {"thread_id": "review"}}
    state = agent.invoke({"messages": [("user", TASK)]}, thread)
    while interrupts := state.get("__interrupt__"):
        answers = {}
        for asked in interrupts:
            print(asked.value["action_requests"][0]["description"])
            answers[asked.id] = input("[y/N] ").strip().lower() == "y"
        state = agent.invoke(Command(resume=answers), thread)
    print(state["messages"][-1].content)
    toolkit.close()


if __name__ == "__main__":
    main()
