"""The sample script with a client made of the OpenAPI document at run time. Arguments: address, token. Standard library only."""
import json
import sys
import urllib.parse
import urllib.request
import uuid


class Client:
    """Calls operations of an OpenAPI document by their operationId; parameters travel where the document says."""

    def __init__(self, url, token):
        self.url = url
        self.token = token
        document = self.request("GET", "/openapi.json")
        self.operations = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def __call__(self, operation_id, body=None, **arguments):
        method, path, operation = self.operations[operation_id]
        query = {}
        for parameter in operation.get("parameters", []):
            name = parameter["name"]
            if parameter["in"] == "path":
                path = path.replace("{%s}" % name, urllib.parse.quote(str(arguments.pop(name)), safe=""))
            elif name in arguments:
                query[name] = arguments.pop(name)
        if arguments:
            raise TypeError("%s has no parameters %s" % (operation_id, ", ".join(arguments)))
        if query:
            path += "?" + urllib.parse.urlencode(query)
        return self.request(method, path, body)

    def request(self, method, path, body=None):
        headers = {"Authorization": "Bearer " + self.token}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode("utf-8")
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read().decode("utf-8")
            return json.loads(text) if text else None


def main():
    call = Client(*sys.argv[1:3])
    place = {"process_model_id": "sample_process", "correlation_id": str(uuid.uuid4())}
    call(
        "consumerApi.startProcessInstance",
        {"correlationId": place["correlation_id"]},
        process_model_id="sample_process",
        start_callback_type=1,
    )
    task = call("consumerApi.getUserTasksForProcessModelInCorrelation", **place)["userTasks"][0]
    call(
        "consumerApi.finishUserTask",
        {"formFields": {"TaskWasSuccessful": True}},
        process_instance_id=task["processInstanceId"],
        correlation_id=place["correlation_id"],
        user_task_instance_id=task["flowNodeInstanceId"],
    )
    results = call("consumerApi.getProcessResultForCorrelation", **place)
    print(json.dumps(results["correlationResults"]))


main()
