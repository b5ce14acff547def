"""The tools in LangChain, called as an agent calls them; an error keeps its artifact, with the delay as a number.

Needs ASKCV_TOKEN, and ASKCV_BASE_URL for the staging backend. An agent takes the same list:
``create_agent(model, AskCVToolkit().get_tools())``.
"""

from langchain_askcv import AskCVToolkit


def main() -> None:
    toolkit = AskCVToolkit()
    tools = {tool.name: tool for tool in toolkit.get_tools()}
    print("offered:", ", ".join(tools))
    good = {"name": "read_career_data", "args": {"domain": "skills"}, "id": "call-1", "type": "tool_call"}
    print(tools["read_career_data"].invoke(good).content)
    bad = {"name": "read_career_data", "args": {"domain": "hobbies"}, "id": "call-2", "type": "tool_call"}
    message = tools["read_career_data"].invoke(bad)
    print(message.status, message.artifact["error"], "-", message.artifact["hint"])
    toolkit.close()


if __name__ == "__main__":
    main()
