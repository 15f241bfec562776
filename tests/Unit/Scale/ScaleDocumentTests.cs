using Sidecar.Scale;
using Sidecar.Tests.Unit.Docs;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

/// <summary>docs/scale.md is computed.</summary>
public class ScaleDocumentTests
{
    [Fact]
    public void The_document_of_the_scale_says_what_the_model_says()
    {
        var (accepted, received) = (Repository.PageFile, Document.PathOf("docs/scale.received.md"));
        var written = Repository.Page();
        if (File.Exists(accepted) && File.ReadAllText(accepted).ReplaceLineEndings("\n") == written)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, written);
        Assert.Fail("docs/scale.md is not what docs/scale.inputs.json and k8s/base give now. If the change is meant, accept it with\n  mv docs/scale.received.md docs/scale.md");
    }
}
