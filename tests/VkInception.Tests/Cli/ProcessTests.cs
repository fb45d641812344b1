using System.Diagnostics;
using NUnit.Framework;

namespace VkInception.Tests.Cli;

/// <summary>The program as a process of its own: what only its environment decides.</summary>
public class ProcessTests
{
    [TestCase("devices")]
    [TestCase("plan", "googlenet")]
    [TestCase("bench", "--json")]
    public void WithoutADriverThereIsOneLineThatSaysWhatToDo(params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments, ("VK_DRIVER_FILES", "/nowhere.json"), ("VK_ICD_FILENAMES", "/nowhere.json"));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Is.Empty);
        Assert.That(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1).And.All.StartsWith("vkinception: ").And.All.Contains("driver"));
    }

    [Test]
    public void ANetworkIsSummedUpWithoutADriver()
    {
        (int code, string output, _) = Run(["summary", "googlenet"], ("VK_DRIVER_FILES", "/nowhere.json"), ("VK_ICD_FILENAMES", "/nowhere.json"));

        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("6,998,552"));
    }

    [Test]
    public void WhatTheLayersSayOfThePlansDeviceIsSaid()
    {
        // Best practices object to the debugging extensions that validation itself asks for: a message on every machine.
        (int code, string output, string error) = Run(["plan", "googlenet", "--json", "--validate"], ("VK_LAYER_ENABLES", "VK_VALIDATION_FEATURE_ENABLE_BEST_PRACTICES_EXT"));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.Contain("vkinception: the validation layers reported"));
    }

    private static (int Code, string Output, string Error) Run(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "VkInception.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
