using Google.Protobuf;
using Grpc.Core;
using Sidecar.Contract.Sdp;

namespace Sidecar.Broker.Operations.People;

/// <summary>Finds exactly one technician; a list works on every instance, a record of its own does not.</summary>
internal sealed class GetTechnician(SdpCaller sdp) : IOperation
{
    private const int PageSize = 100, MaxPages = 20, MaxNamed = 10;

    public string Rpc => nameof(TechnicianService.TechnicianServiceBase.GetTechnician);

    public async Task<IMessage> InvokeAsync(IMessage message, CancellationToken cancellationToken)
    {
        var wanted = ((GetTechnicianRequest)message).Technician.Trim();
        var isId = wanted.All(char.IsAsciiDigit);
        var near = new List<Technician>();
        for (var page = 1; page <= MaxPages; page++)
        {
            var found = isId
                ? await sdp.CallAsync<TechnicianPage>("ListTechnicians", new ListTechniciansRequest { Page = page, PageSize = PageSize }, cancellationToken)
                : await sdp.CallAsync<TechnicianPage>("FindTechnician", new FindTechnicianRequest { Query = wanted, Page = page, PageSize = PageSize }, cancellationToken);
            near.AddRange(isId ? found.Technicians.Where(technician => technician.Id == wanted) : found.Technicians);
            if (!found.HasMore || (isId && near.Count > 0)) break;
        }

        var exact = near.Where(technician => technician.Id == wanted || Same(technician.Email, wanted)).ToList();
        if (exact.Count == 0) exact = [.. near.Where(technician => Same(technician.Name, wanted))];
        return exact.Count == 1 ? exact[0] : throw new FailureException(NotOne(wanted, exact.Count > 1 ? exact : near));
    }

    private static Failure NotOne(string wanted, List<Technician> near)
    {
        var names = string.Join("; ", near.Take(MaxNamed).Select(technician => Quote.Line($"{technician.Name} <{technician.Email}>, id {technician.Id}", 200)));
        return near.Count == 0
            ? new Failure(StatusCode.NotFound, "NOT_FOUND", $"There is no technician {Quote.Text(wanted, 100)} here, or you may not see them.")
            {
                Next = "Use find_technician with a part of the name.",
            }
            : new Failure(StatusCode.FailedPrecondition, "AMBIGUOUS", $"No single technician is {Quote.Text(wanted, 100)}. Close to it: {names}.")
            {
                Next = "Name one by e-mail address or id.",
            };
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
