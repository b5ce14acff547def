"""The client without a framework: stage two items, and see what became of the batch.

Needs ASKCV_TOKEN, and ASKCV_BASE_URL for the staging backend (``askcv serve``, ``askcv token create``).
"""

from askcv_agents import Client

ITEMS = [
    {
        "domain": "knowledge_entries",
        "payload": {
            "title": "Shipment search is eight times faster",
            "content": "Rebuilt the shipment search; the median query time fell from 2.4 s to 310 ms.",
            "metric": "from 2.4 s to 310 ms",
        },
        "evidence": {"quote": "Rebuilt the shipment search; the median query time fell from 2.4 s to 310 ms."},
    },
    {"domain": "skills", "payload": {"name": "PostgreSQL", "category": "platform"}},
]


def main() -> None:
    with Client() as client:
        print(f"the record of {client.profile().name}")
        for receipt in client.import_items(ITEMS):
            print(f"batch {receipt.batch_id}: {receipt.accepted} wait in the review inbox")
            print(f"so far {client.import_status(receipt.batch_id).counts.pending} are pending")


if __name__ == "__main__":
    main()
